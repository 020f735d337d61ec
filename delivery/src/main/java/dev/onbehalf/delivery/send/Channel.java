package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.DataType;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The way to one site. */
interface Channel {
  /** Returns how many entities one request may carry. */
  int maxPerRequest(DataType type);

  /** Posts a bulk body and returns the answer's. */
  JsonNode post(DataType type, ObjectNode body, Instant deadline) throws DeliveryException;

  /** Returns the answer to a question for the gate of a deployment. */
  JsonNode gate(String pipelineId, String environmentId, long deployment, Instant deadline)
      throws DeliveryException;

  /** Tries everything a report needs and says what it finds. */
  List<SiteCheck> check(Instant deadline);
}
