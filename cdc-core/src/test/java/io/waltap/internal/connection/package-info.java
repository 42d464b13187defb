@NullMarked
package io.waltap.internal.connection;

import org.jspecify.annotations.NullMarked;
