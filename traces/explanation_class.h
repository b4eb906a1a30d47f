/* The class of an explanation: what it says with node ids, terms and values left out, so that two runs that show the
 * same bug with other nodes or numbers are of one class. */
#ifndef GAINSAY_EXPLANATION_CLASS_H
#define GAINSAY_EXPLANATION_CLASS_H

#include "core/run.h"

/* Writes the class of an explanation (less than EXPLANATION_SIZE bytes) to `class`, which has room for
 * EXPLANATION_SIZE: "server0 and server2 both lead term 2" becomes "server both lead term #". Names of nodes become
 * their role's name, numbers and null "#", and equal ones in a row one of them. Does not depend on how many nodes the
 * run has. What stands behind GS_PARTICULARS is not part of it. */
void explanation_class(const struct gs_run *run, const char *explanation, char *class);

/* Are both explanations of one class? */
bool explanation_is_like(const struct gs_run *run, const char *explanation, const char *class);

#endif
