@NullMarked
package io.waltap.internal.debezium;

import org.jspecify.annotations.NullMarked;
