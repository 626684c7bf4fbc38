# The files of the room run.
