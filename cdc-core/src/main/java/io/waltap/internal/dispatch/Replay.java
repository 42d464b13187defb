package io.waltap.internal.dispatch;

import java.sql.Connection;

/** How one parked change goes back to its listener, so that it is parked no more afterwards. */
interface Replay {

  /** A call of a listener. */
  interface Call {
    void run() throws Exception;
  }

  /** A call of a listener whose effects are in its database. */
  interface ConnectedCall {
    void run(Connection connection) throws Exception;
  }

  /** Calls, then lets go of the letter. */
  void with(Call call) throws Exception;

  /** Calls and lets go of the letter in one transaction. */
  void withConnection(ConnectedCall call) throws Exception;
}
