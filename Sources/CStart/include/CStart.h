#ifndef CSTART_H
#define CSTART_H

// Nothing to call: what LibrarySettings.c holds runs by itself, before any library of the program that it is linked into.

#endif
