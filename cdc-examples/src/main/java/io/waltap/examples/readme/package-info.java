/** The code of the README and of the pages in {@code docs}, compiled; a test compares the two. */
@NullMarked
package io.waltap.examples.readme;

import org.jspecify.annotations.NullMarked;
