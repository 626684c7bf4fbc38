# The files of the room tissue.
