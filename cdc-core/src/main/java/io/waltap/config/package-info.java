/** What can be tuned: data only. */
@NullMarked
package io.waltap.config;

import org.jspecify.annotations.NullMarked;
