/** What an application plugs in: behaviour. */
@NullMarked
package io.waltap.listener;

import org.jspecify.annotations.NullMarked;
