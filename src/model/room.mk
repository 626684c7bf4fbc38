# The files of the room model.
