"""The pages where files come in and go out, and where texts are translated."""
