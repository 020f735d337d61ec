package dev.onbehalf.acceptance.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's nginx, ending TLS in front of something else. */
public final class NginxProxy implements AutoCloseable {
  private final ServerProcess process;
  private final URI url;

  private NginxProxy(ServerProcess process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts nginx with a bare {@code proxy_pass}: HTTP/1.0 to the upstream, the upstream's host
   * name, no forwarded header, every client header as it came.
   *
   * @param port where it listens, see {@link Ports#free()}
   * @param directives added to the location, each ending with a semicolon
   */
  public static NginxProxy start(
      int port, URI upstream, TestAuthority authority, String... directives) {
    Path directory = Workspace.create("nginx");
    String configuration =
        """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        error_log stderr info;
        events {}
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          server {
            listen 127.0.0.1:%2$d ssl;
            ssl_certificate %3$s;
            ssl_certificate_key %4$s;
            location / {
              proxy_pass %5$s;
              %6$s
            }
          }
        }
        """
            .formatted(
                directory,
                port,
                authority.certificate(),
                authority.privateKey(),
                upstream,
                String.join("\n      ", directives));
    Path file = directory.resolve("nginx.conf");
    try {
      Files.writeString(file, configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ServerProcess process =
        ServerProcess.start(
            "nginx",
            List.of(
                "/usr/sbin/nginx",
                "-e",
                "stderr",
                "-p",
                directory.toString(),
                "-c",
                file.toString()),
            directory,
            Map.of());
    try {
      Await.until("nginx listens", () -> listens(process, port) ? true : null);
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
    return new NginxProxy(process, URI.create("https://127.0.0.1:" + port));
  }

  /** Where nginx listens, without a slash at the end. */
  public URI url() {
    return url;
  }

  @Override
  public void close() {
    process.close();
  }

  private static boolean listens(ServerProcess process, int port) {
    if (!process.alive()) {
      throw new AssertionError("nginx ended" + process.report());
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
