package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.Keys;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** What peers read of this instance's own identity. */
final class ConsumerInfoTest {
  private static final String PATH = "/plugins/servlet/oauth/consumer-info";
  private final TestProvider provider = TestProvider.start();

  @AfterEach
  void stop() {
    provider.close();
  }

  private static String element(Document document, String name) {
    return document.getElementsByTagName(name).item(0).getTextContent();
  }

  @Test
  void consumerInfoWhenAskedByAnybodyThenKeyNameAndPublicKey() throws Exception {
    HttpResponse<String> response =
        provider.server().send(provider.server().request(PATH).header("Accept", "application/xml"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .hasValue("application/xml;charset=UTF-8");
    assertThat(response.body()).startsWith("<?xml version=\"1.0\"").doesNotContain("<callback");
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Document document =
        factory
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(response.body().getBytes(StandardCharsets.UTF_8)));
    InstanceKeys keys = provider.provider().keys();
    assertThat(element(document, "key")).isEqualTo(keys.consumerKey());
    assertThat(element(document, "name")).isEqualTo("Onbehalf: ci");
    assertThat(Keys.publicKey(element(document, "publicKey")))
        .isEqualTo(keys.current().publicKey());
  }

  @Test
  void consumerInfoWhenANextKeyIsPreparedThenTheCurrentOneIsStillNamed() {
    InstanceKeys keys = provider.provider().keys();
    String current = keys.current().base64();
    String next = keys.prepareNext().base64();

    assertThat(body()).contains(current).doesNotContain(next);
    keys.activateNext();
    assertThat(body()).contains(next).doesNotContain(current);
  }

  private String body() {
    return provider.server().send(provider.server().request(PATH)).body();
  }
}
