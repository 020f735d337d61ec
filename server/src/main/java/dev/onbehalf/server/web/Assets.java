package dev.onbehalf.server.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/** The stylesheet and the icon, each at a path that changes with its content. */
final class Assets {
  static final String STYLE_PATH = Routes.OWN_PREFIX + "/style.css";
  static final String ICON_PATH = Routes.OWN_PREFIX + "/icon.svg";

  private final Asset style = new Asset("style.css", "text/css; charset=utf-8");
  private final Asset icon = new Asset("icon.svg", "image/svg+xml");

  String stylePath() {
    return STYLE_PATH + "?" + style.version;
  }

  String iconPath() {
    return ICON_PATH + "?" + icon.version;
  }

  void addTo(Routes routes) {
    routes.add(STYLE_PATH, Methods.get(style)).add(ICON_PATH, Methods.get(icon));
  }

  private static final class Asset implements WebHandler {
    private final String contentType;
    private final String content;
    private final String version;

    Asset(String name, String contentType) {
      this.contentType = contentType;
      byte[] bytes;
      try (InputStream in = Assets.class.getResourceAsStream(name)) {
        bytes = Objects.requireNonNull(in, name).readAllBytes();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
        version = "v=" + HexFormat.of().formatHex(Arrays.copyOf(hash, 8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
      content = new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public WebResponse handle(WebRequest request) {
      boolean current = version.equals(request.rawQuery());
      return WebResponse.of(200, contentType, content)
          .with("Cache-Control", current ? "public, max-age=31536000, immutable" : "no-cache");
    }
  }
}
