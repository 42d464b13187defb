/** The real PostgreSQL that tests run on, and waiting without sleeping. */
@NullMarked
package io.waltap.testing;

import org.jspecify.annotations.NullMarked;
