/**
 * Routes changes by table, maps them, calls listeners; knows what may be acknowledged. Internal:
 * may change in any release.
 */
@NullMarked
package io.waltap.internal.dispatch;

import org.jspecify.annotations.NullMarked;
