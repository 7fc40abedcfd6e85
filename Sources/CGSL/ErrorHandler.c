#include <gsl/gsl_errno.h>

// GSL aborts the process on an error unless told not to. Here, before main and
// in one place, so that no caller can forget it: errors come back as status codes.
__attribute__((constructor)) static void switch_off_abort_on_error(void) {
    gsl_set_error_handler_off();
}
