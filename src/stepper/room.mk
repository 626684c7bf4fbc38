# The files of the room stepper.
