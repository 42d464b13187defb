/** What survives the death of the process. */
@NullMarked
package io.waltap.crash;

import org.jspecify.annotations.NullMarked;
