/** The code of the README, compiled; a test compares the two. */
@NullMarked
package io.waltap.examples.readme;

import org.jspecify.annotations.NullMarked;
