package io.waltap.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JDBC URL says. Read by hand, since {@link java.net.URI} knows no host with an underscore,
 * as container networks have them. Complaints never repeat the URL: it may hold a password.
 *
 * @param host a name or an IPv4 address, or an IPv6 address in brackets
 * @param parameters what follows the address
 */
record Address(String host, int port, String database, UrlParameters parameters) {

  static final int DEFAULT_PORT = 5432;

  private static final String PREFIX = "jdbc:postgresql://";
  private static final String SHAPE = PREFIX + "host:port/database";
  private static final Pattern SERVER =
      Pattern.compile("(?<host>\\[[0-9A-Fa-f:.%]+]|[^\\s:\\[\\]]+)(:(?<port>\\d{1,5}))?");
  private static final Pattern LOOPBACK =
      Pattern.compile(
          "localhost|127(\\.\\d{1,3}){3}|\\[(::1|(0{1,4}:){7}0{0,3}1)]", Pattern.CASE_INSENSITIVE);

  /**
   * @throws IllegalArgumentException if the URL does not name one server and one database and
   *     nothing else but how to encrypt; the message goes on from "the URL ..."
   */
  static Address parse(String url) {
    require(!url.isEmpty(), "is missing; give it as " + SHAPE);
    require(url.startsWith(PREFIX), "is not a PostgreSQL JDBC URL; write it as " + SHAPE);
    int query = url.indexOf('?');
    UrlParameters parameters = UrlParameters.parse(query < 0 ? "" : url.substring(query + 1));
    String rest = url.substring(PREFIX.length(), query < 0 ? url.length() : query);
    require(!rest.contains("@"), "holds a user or password; use the settings user and password");
    int slash = rest.indexOf('/');
    String server = slash < 0 ? rest : rest.substring(0, slash);
    require(!server.contains(","), "names several hosts, which is not supported yet; name one");
    String database = slash < 0 ? "" : rest.substring(slash + 1);
    require(!database.isEmpty(), "names no database; write it as " + SHAPE);
    require(
        database.chars().noneMatch(c -> "/%+&#".indexOf(c) >= 0),
        "names a database with one of the characters / % + & # in it, which is not supported;"
            + " rename the database");
    return new Address(hostOf(server), portOf(server), database, parameters);
  }

  private static String hostOf(String server) {
    return match(server).group("host");
  }

  private static int portOf(String server) {
    String port = match(server).group("port");
    int number = port == null ? DEFAULT_PORT : Integer.parseInt(port);
    require(number >= 1 && number <= 65535, "has a port outside 1 to 65535; correct it");
    return number;
  }

  private static Matcher match(String server) {
    Matcher matcher = SERVER.matcher(server);
    require(
        matcher.matches(),
        "has no readable host and port; write it as "
            + SHAPE
            + ", with an IPv6 address in brackets");
    return matcher;
  }

  private static void require(boolean condition, String complaint) {
    if (!condition) {
      throw new IllegalArgumentException(complaint);
    }
  }

  /** Whether the server is on this machine, so that nobody can stand in between. */
  boolean isLoopback() {
    return LOOPBACK.matcher(host).matches();
  }

  /** What is asked of a server about which nothing else was said. */
  SslMode defaultSslMode() {
    return isLoopback() ? SslMode.PREFER : SslMode.VERIFY_FULL;
  }

  /** The URL with nothing in it but this address. */
  String url() {
    return PREFIX + host + ":" + port + "/" + database;
  }
}
