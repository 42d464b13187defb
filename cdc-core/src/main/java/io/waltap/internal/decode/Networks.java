package io.waltap.internal.decode;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses of hosts. A network, with its mask, is none. */
final class Networks {

  private Networks() {}

  static InetAddress host(String text) {
    if (text.indexOf('/') >= 0) {
      throw new UnreadableException("the value has a netmask; read it as String");
    }
    // A name would be looked up; the server prints numbers only, but a guest asks no name server.
    if (text.indexOf(':') < 0 && !Character.isDigit(text.charAt(0))) {
      throw new UnreadableException("the value is no address");
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new UnreadableException("the value is no address");
    }
  }
}
