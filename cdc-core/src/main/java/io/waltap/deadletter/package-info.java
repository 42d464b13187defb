/** Where changes wait that a listener could not take. */
@NullMarked
package io.waltap.deadletter;

import org.jspecify.annotations.NullMarked;
