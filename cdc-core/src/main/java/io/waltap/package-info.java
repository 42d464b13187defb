/** Embedded change data capture for PostgreSQL: start it, stop it, ask how it is. */
@NullMarked
package io.waltap;

import org.jspecify.annotations.NullMarked;
