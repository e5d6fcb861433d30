using System.Text.Json;

namespace SpeechStream.Gateway.Protocol.Nls;

/// <summary>Takes the parameters of a task from the payload of its start, and checks them. Keys that aren't known are ignored, as the service does.</summary>
internal static class NlsParameters
{
    private const int LeastSentenceSilence = 200;
    private static readonly string[] Formats = ["pcm", "wav", "opus", "speex", "amr", "mp3", "aac", "opu"];

    private static readonly string[] Switches =
    [
        "enable_intermediate_result", "enable_punctuation_prediction", "enable_inverse_text_normalization", "enable_words",
        "enable_semantic_sentence_detection", "enable_multi_thresh_mod", "enable_ignore_sentence_timeout", "disfluency", "enable_nlp",
    ];

    private static readonly string[] Names = ["format", "customization_id", "vocabulary_id", "session_id", "nlp_model"];

    /// <exception cref="TaskFailure">A value has a wrong type or is out of its range.</exception>
    public static TaskParameters Parse(JsonElement payload, int silenceLimit)
    {
        if (payload.ValueKind == JsonValueKind.Undefined)
        {
            return new TaskParameters();
        }

        CheckTypes(payload);
        var format = payload.TryGetProperty("format", out var value) ? value.GetString()! : "pcm";
        if (!Formats.Contains(format))
        {
            throw NlsFailure.Directive($"Invalid format '{format}'");
        }

        var sampleRate = Number(payload, "sample_rate") ?? 16000;
        if (sampleRate is not (8000 or 16000))
        {
            throw NlsFailure.SampleRate();
        }

        return new TaskParameters
        {
            Format = format,
            SampleRate = sampleRate,
            MaxSentenceSilence = ParseSentenceSilence(payload, silenceLimit) ?? new TaskParameters().MaxSentenceSilence,
            EnableIntermediateResult = IsOn(payload, "enable_intermediate_result"),
            EnableWords = IsOn(payload, "enable_words"),
            SessionId = payload.TryGetProperty("session_id", out var session) ? session.GetString() : null,
        };
    }

    /// <summary>Also the one parameter that a control message may change here.</summary>
    public static int? ParseSentenceSilence(JsonElement payload, int limit)
    {
        if (payload.ValueKind != JsonValueKind.Object || Number(payload, "max_sentence_silence") is not { } silence)
        {
            return null;
        }

        return silence >= LeastSentenceSilence && silence <= limit ? silence : throw NlsFailure.SentenceSilence(limit);
    }

    private static void CheckTypes(JsonElement payload)
    {
        Require(payload.ValueKind == JsonValueKind.Object, "payload", "an object");
        foreach (var property in payload.EnumerateObject())
        {
            var kind = property.Value.ValueKind;
            if (Switches.Contains(property.Name))
            {
                Require(kind is JsonValueKind.True or JsonValueKind.False, property.Name, "a boolean");
            }
            else if (Names.Contains(property.Name))
            {
                Require(kind is JsonValueKind.String, property.Name, "a string");
            }
            else if (property.Name == "speech_noise_threshold")
            {
                Require(kind is JsonValueKind.Number && property.Value.GetDouble() is >= -1 and <= 1, property.Name, "a number in [-1, 1]");
            }
            else if (property.Name == "special_word_filter")
            {
                Require(kind is JsonValueKind.Object, property.Name, "an object");
            }
        }
    }

    private static int? Number(JsonElement payload, string key)
    {
        if (!payload.TryGetProperty(key, out var value))
        {
            return null;
        }

        var number = 0;
        Require(value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number), key, "an integer");
        return number;
    }

    private static bool IsOn(JsonElement payload, string key) => payload.TryGetProperty(key, out var value) && value.GetBoolean();

    private static void Require(bool holds, string key, string type)
    {
        if (!holds)
        {
            throw NlsFailure.Directive($"[{key} must be {type}]");
        }
    }
}
