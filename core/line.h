/* Text from outside that is to be said in one line. */
#ifndef GAINSAY_LINE_H
#define GAINSAY_LINE_H

/* Makes control characters question marks, C1 ones in UTF-8 too: names in files and arguments may hold newlines and
 * terminal escapes. What else there is stays, of any language. */
void line_clean(char *text);

#endif
