package io.waltap.chaos;

/** What is done to the consumer, its network, its server and its file. */
enum Fault {
  KILL(Group.KILL, "SIGKILL"),
  TERMINATE(Group.KILL, "SIGTERM"),
  KILL_WHILE_STOPPING(Group.KILL, "SIGTERM, then SIGKILL"),

  FREEZE(Group.PROCESS, "SIGSTOP, then SIGCONT"),

  RESET_ALL(Group.NETWORK, "all connections reset"),
  CLOSE_ALL(Group.NETWORK, "all connections closed"),
  RESET_WALSENDER(Group.NETWORK, "replication connection reset"),
  RESET_METADATA(Group.NETWORK, "other connections reset"),
  CUT_IN_MESSAGE(Group.NETWORK, "cut in mid-message"),
  DELAY(Group.NETWORK, "delay"),
  THROTTLE(Group.NETWORK, "throttle"),
  HALF_OPEN_RESUMED(Group.NETWORK, "half-open, then resumed"),
  HALF_OPEN_RESET(Group.NETWORK, "half-open, then reset"),
  REFUSE(Group.NETWORK, "cut, then refused"),

  TERMINATE_WALSENDER(Group.SERVER, "pg_terminate_backend of the walsender"),
  TERMINATE_BACKENDS(Group.SERVER, "pg_terminate_backend of everybody"),
  RESTART_FAST(Group.SERVER, "server restarted, fast"),
  RESTART_IMMEDIATE(Group.SERVER, "server restarted, immediate"),
  RESTART_KILLED(Group.SERVER, "server killed and started"),

  OFFSET_GARBLED(Group.STORE, "offset file garbled"),
  OFFSET_TRUNCATED(Group.STORE, "offset file truncated"),
  DISK_FULL(Group.STORE, "no space left for the position"),
  FILE_SIZE_LIMIT(Group.STORE, "file size limit reached");

  /** What is hit. */
  enum Group {
    KILL,
    PROCESS,
    NETWORK,
    SERVER,
    STORE
  }

  private final Group group;
  private final String title;

  Fault(Group group, String title) {
    this.group = group;
    this.title = title;
  }

  Group group() {
    return group;
  }

  boolean isKill() {
    return group == Group.KILL;
  }

  @Override
  public String toString() {
    return title;
  }
}
