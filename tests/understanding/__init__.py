"""What free text means: the room `understanding`, through its front door."""
