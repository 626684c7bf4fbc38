# The files of the room store.
