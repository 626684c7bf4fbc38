# The files of the room observe.
