using System.Text.Json;

namespace SpeechStream.Gateway.Protocol.DashScope;

/// <summary>Takes the parameters of a task from the payload of its start, and checks those that the service checks.</summary>
internal static class DashScopeParameters
{
    private const int LeastSentenceSilence = 200;
    private const int LeastSampleRate = 8000;
    private const int MostSampleRate = 48000;

    private static readonly string[] Formats = ["pcm", "wav", "opus", "speex", "aac", "amr", "mp3"];

    /// <exception cref="TaskFailure">Something is missing, unknown, or out of its range.</exception>
    public static TaskParameters Parse(JsonElement payload, LocalGatewayOptions options)
    {
        if (MessageJson.Object(payload, "input") is null)
        {
            throw DashScopeFailure.NoInput();
        }

        var model = MessageJson.Text(payload, "model") is { Length: > 0 } name ? name : throw DashScopeFailure.Missing("payload.model");
        var isParaformer = model.StartsWith("paraformer-realtime-", StringComparison.Ordinal);
        if (!isParaformer && !IsLaterModel(model))
        {
            throw DashScopeFailure.UnknownModel();
        }

        var parameters = MessageJson.Object(payload, "parameters") ?? default;
        var heartbeat = Value(parameters, "heartbeat") is { ValueKind: JsonValueKind.True };
        return new TaskParameters
        {
            Format = ReadFormat(parameters),
            SampleRate = ReadSampleRate(parameters),
            MaxSentenceSilence = ReadSentenceSilence(parameters, options.MaxSentenceSilenceLimit) ?? (isParaformer ? 800 : 1300),
            EnableIntermediateResult = Value(parameters, "intermediate_result_enabled") is not { ValueKind: JsonValueKind.False },
            EnableWords = true,
            Heartbeat = heartbeat,
            SilenceTimeout = heartbeat ? null : options.SilenceTimeout,
        };
    }

    private static bool IsLaterModel(string model) =>
        model.StartsWith("fun-asr-realtime", StringComparison.Ordinal)
        || (model.StartsWith("qwen-audio-", StringComparison.Ordinal) && model.EndsWith("-asr-flash-streaming", StringComparison.Ordinal));

    private static string ReadFormat(JsonElement parameters)
    {
        if (Value(parameters, "format") is null)
        {
            return "pcm";
        }

        return MessageJson.Text(parameters, "format") is { } format && Formats.Contains(format) ? format : throw DashScopeFailure.Format();
    }

    /// <summary>The service takes any rate for some models; here it must be a whole number of samples a millisecond.</summary>
    private static int ReadSampleRate(JsonElement parameters)
    {
        var rate = Number(parameters, "sample_rate") ?? 16000;
        return rate is >= LeastSampleRate and <= MostSampleRate && rate % 1000 == 0
            ? rate
            : throw DashScopeFailure.Parameter($"sample_rate {rate} is not supported!");
    }

    private static int? ReadSentenceSilence(JsonElement parameters, int limit)
    {
        var silence = Number(parameters, "max_sentence_silence");
        return silence is null || (silence >= LeastSentenceSilence && silence <= limit)
            ? silence
            : throw DashScopeFailure.Parameter($"max_sentence_silence is not in [{LeastSentenceSilence}, {limit}]!");
    }

    private static int? Number(JsonElement parameters, string key)
    {
        if (Value(parameters, key) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw DashScopeFailure.Parameter($"{key} must be an integer!");
    }

    private static JsonElement? Value(JsonElement parameters, string key) =>
        parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
