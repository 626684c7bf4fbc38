# The files of the room network.
