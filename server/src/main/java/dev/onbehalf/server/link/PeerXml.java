package dev.onbehalf.server.link;

import dev.onbehalf.applinks.LinkError;
import dev.onbehalf.applinks.ResponseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A peer's XML, read without document types, entities and inclusions ({@code docs/threat-model.md}
 * attack 53). Only the names of elements matter ({@code docs/peer-facts.md} 1.12).
 */
final class PeerXml {
  private static final int LONGEST_TEXT = 16_384;

  private final Document document;

  private PeerXml(Document document) {
    this.document = document;
  }

  /**
   * Reads a document.
   *
   * @throws ResponseException if it is no XML, or has a document type declaration
   */
  static PeerXml parse(String link, byte[] xml) throws ResponseException {
    try {
      DocumentBuilder builder = factory().newDocumentBuilder();
      builder.setErrorHandler(null);
      return new PeerXml(builder.parse(new ByteArrayInputStream(xml)));
    } catch (SAXException | IOException e) {
      String message = String.valueOf(e.getMessage());
      throw new ResponseException(
          LinkError.UNEXPECTED_RESPONSE,
          message.contains("DOCTYPE")
              ? "The peer of the link '"
                  + link
                  + "' sent XML with a document type declaration, which is never read: it can hide"
                  + " an entity bomb. Check what answers at the link's URL."
              : "The peer of the link '"
                  + link
                  + "' sent XML that cannot be read. Check the link's URL, and what stands before"
                  + " the peer.",
          e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("This Java cannot read XML safely.", e);
    }
  }

  private static DocumentBuilderFactory factory() throws ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
    factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
    factory.setXIncludeAware(false);
    factory.setExpandEntityReferences(false);
    return factory;
  }

  String rootName() {
    return document.getDocumentElement().getTagName();
  }

  /** Returns the text of the first element of that name; empty where it is absent or blank. */
  Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  /** Returns the texts of all elements of that name that have one. */
  List<String> all(String name) {
    NodeList elements = document.getElementsByTagName(name);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < elements.getLength(); i++) {
      String text = elements.item(i).getTextContent();
      if (text != null && !text.isBlank() && text.length() <= LONGEST_TEXT) {
        texts.add(text.strip());
      }
    }
    return texts;
  }
}
