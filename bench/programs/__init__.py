"""What is measured: small programs, each run as a process of its own, so that time and memory are its own.

Those that use other people's libraries stand alone and import nothing of this project.
"""
