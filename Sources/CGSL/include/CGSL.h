#ifndef CGSL_H
#define CGSL_H

#include <gsl/gsl_errno.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_statistics.h>

#include "Accessors.h"
#include "Philox.h"
#include "RandomFills.h"
#include "SymbolOrigin.h"

#endif
