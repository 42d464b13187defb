package io.waltap.internal.dispatch;

import java.io.IOException;

/**
 * Keeps changes that are not to be delivered for now, and knows which keys have such. Several
 * threads, but never two with changes of one key of one listener.
 */
interface Parking {

  /**
   * Parks a change behind one of its key that is parked already.
   *
   * @param listener the name of its subscription
   * @return whether there is one; if not, nothing was done
   */
  boolean parkBehind(String listener, Delivery change) throws IOException;

  /**
   * Parks a change.
   *
   * @param alone whether later changes of its key are to be delivered
   */
  void park(String listener, Delivery change, boolean alone, Throwable cause, int attempts)
      throws IOException;
}
