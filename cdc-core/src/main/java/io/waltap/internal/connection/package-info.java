/** How connections to the server are opened. Internal: may change in any release. */
@NullMarked
package io.waltap.internal.connection;

import org.jspecify.annotations.NullMarked;
