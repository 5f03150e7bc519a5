package dev.regatta.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * The names that the conventions for generative AI give to what spans and metrics tell, and our
 * own. They are written here because the library's own constants are deprecated as moved.
 *
 * @see <a href="https://github.com/open-telemetry/semantic-conventions-genai">Conventions</a>
 */
final class GenAi {
  static final AttributeKey<String> OPERATION = AttributeKey.stringKey("gen_ai.operation.name");
  static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("gen_ai.provider.name");
  static final AttributeKey<String> REQUEST_MODEL = AttributeKey.stringKey("gen_ai.request.model");
  static final AttributeKey<String> RESPONSE_MODEL =
      AttributeKey.stringKey("gen_ai.response.model");
  static final AttributeKey<String> RESPONSE_ID = AttributeKey.stringKey("gen_ai.response.id");
  static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
  static final AttributeKey<String> CONVERSATION = AttributeKey.stringKey("gen_ai.conversation.id");
  static final AttributeKey<String> AGENT = AttributeKey.stringKey("gen_ai.agent.name");
  static final AttributeKey<String> TOOL = AttributeKey.stringKey("gen_ai.tool.name");
  static final AttributeKey<String> TOOL_CALL = AttributeKey.stringKey("gen_ai.tool.call.id");
  static final AttributeKey<String> WORKFLOW = AttributeKey.stringKey("gen_ai.workflow.name");
  static final AttributeKey<Long> INPUT = AttributeKey.longKey("gen_ai.usage.input_tokens");
  static final AttributeKey<Long> OUTPUT = AttributeKey.longKey("gen_ai.usage.output_tokens");
  static final AttributeKey<Long> CACHE_READ =
      AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
  static final AttributeKey<Long> CACHE_CREATION =
      AttributeKey.longKey("gen_ai.usage.cache_creation.input_tokens");
  static final AttributeKey<String> TOKEN_TYPE = AttributeKey.stringKey("gen_ai.token.type");

  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
  static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
  static final AttributeKey<Long> PID = AttributeKey.longKey("process.pid");
  static final AttributeKey<Long> EXIT_CODE = AttributeKey.longKey("process.exit.code");

  static final AttributeKey<Boolean> REHEARSAL = AttributeKey.booleanKey("regatta.rehearsal");
  static final AttributeKey<String> RUN = AttributeKey.stringKey("regatta.run");
  static final AttributeKey<String> ATTEMPT = AttributeKey.stringKey("regatta.attempt");
  static final AttributeKey<Long> NUMBER = AttributeKey.longKey("regatta.attempt.number");
  static final AttributeKey<String> TASK = AttributeKey.stringKey("regatta.task");
  static final AttributeKey<String> PHASE = AttributeKey.stringKey("regatta.phase");
  static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("regatta.outcome");
  static final AttributeKey<String> CREDENTIAL = AttributeKey.stringKey("regatta.credential");
  static final AttributeKey<Double> COST = AttributeKey.doubleKey("regatta.cost_usd");
  static final AttributeKey<Long> EXCHANGE = AttributeKey.longKey("regatta.exchange");
  static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("regatta.request_id");

  private GenAi() {}
}
