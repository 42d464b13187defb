package io.waltap.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority of its own, made with the JDK's keytool, and what it signs. */
public final class Certificates {

  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final String name;

  /** Makes the authority; its files go into the folder. */
  public Certificates(Path folder, String name) {
    this.folder = folder;
    this.name = name;
    generate(name, "CN=" + name, "-ext", "bc:c", "-ext", "KeyUsage=keyCertSign");
    export(name);
  }

  /** The certificate of the authority, in PEM. */
  public Path authority() {
    return folder.resolve(name + ".crt");
  }

  /**
   * Signs a certificate for a subject: {@code <subject>.crt} and {@code <subject>.key} in the
   * folder, both PEM, the key readable by its owner only.
   *
   * @param alternatives what it is made out for, as keytool takes it, {@code dns:localhost}; none
   *     if empty
   */
  public Path sign(String subject, String alternatives) {
    List<String> extension =
        alternatives.isEmpty() ? List.of() : List.of("-ext", "SAN=" + alternatives);
    generate(subject, "CN=" + subject);
    Path request = folder.resolve(subject + ".csr");
    keytool("-certreq", subject, "-file", request.toString());
    List<String> arguments = new ArrayList<>(List.of("-infile", request.toString(), "-rfc"));
    arguments.addAll(List.of("-outfile", folder.resolve(subject + ".crt").toString()));
    arguments.addAll(extension);
    keytool("-gencert", name, arguments.toArray(String[]::new));
    exportKey(subject);
    return folder.resolve(subject + ".crt");
  }

  /** The key of a subject. */
  public Path key(String subject) {
    return folder.resolve(subject + ".key");
  }

  private void generate(String alias, String subject, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("-dname", subject, "-keyalg", "RSA", "-validity", "30"));
    arguments.addAll(List.of(more));
    keytool("-genkeypair", alias, arguments.toArray(String[]::new));
  }

  private void export(String alias) {
    keytool("-exportcert", alias, "-rfc", "-file", folder.resolve(alias + ".crt").toString());
  }

  private void exportKey(String alias) {
    try {
      KeyStore store = KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray());
      Key key = store.getKey(alias, PASSWORD.toCharArray());
      String pem =
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
              + "\n-----END PRIVATE KEY-----\n";
      Path file = Files.writeString(key(alias), pem);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path store() {
    return folder.resolve(name + ".p12");
  }

  private void keytool(String command, String alias, String... more) {
    Path program = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> line = new ArrayList<>(List.of(program.toString(), command, "-alias", alias));
    line.addAll(List.of("-keystore", store().toString(), "-storepass", PASSWORD));
    line.addAll(List.of(more));
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(line + ": " + said);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
