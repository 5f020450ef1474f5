"""The read API for partners: what is published, in the shape of HSDS 3.1, and nothing else."""
