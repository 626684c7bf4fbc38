# The files of the room cli.
