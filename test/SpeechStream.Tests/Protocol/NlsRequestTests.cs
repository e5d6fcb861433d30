using System.Text.Json.Nodes;
using SpeechStream.Protocol;
using SpeechStream.Protocol.Nls;

namespace SpeechStream.Tests.Protocol;

public sealed class NlsRequestTests
{
    [Fact]
    public void Unset_options_are_left_to_the_service() => ShouldBe(Request(new()), """{"format":"pcm","sample_rate":16000}""");

    [Fact]
    public void Every_option_has_its_parameter() => ShouldBe(
        Request(new()
        {
            Format = AudioFormat.Speex,
            SampleRate = 8000,
            EnableIntermediateResult = true,
            EnablePunctuationPrediction = false,
            EnableInverseTextNormalization = true,
            EnableWords = true,
            MaxSentenceSilence = TimeSpan.FromMilliseconds(200),
            EnableSemanticSentenceDetection = true,
            Disfluency = false,
            SpeechNoiseThreshold = -0.25,
            SpecialWordFilter = new() { Remove = ["a"] },
            CustomizationId = "c",
            VocabularyId = "v",
            ClassVocabularyId = new Dictionary<string, string> { ["PERSON"] = "p" },
            EnableMultiThresholdMode = true,
            EnableIgnoreSentenceTimeout = false,
            EnableNlp = true,
            NlpModel = "n",
            SessionId = "s",
            VadSilenceDuration = TimeSpan.FromSeconds(2),
            EnableGenderDetection = true,
            EnableNamedEntityRecognition = false,
            NamedEntityModel = "e",
            AcousticModelId = "a",
            VadModel = "m",
            Model = "l",
        }),
        """
        {"format":"speex","sample_rate":8000,"enable_intermediate_result":true,"enable_punctuation_prediction":false,"enable_inverse_text_normalization":true,
         "enable_words":true,"max_sentence_silence":200,"enable_semantic_sentence_detection":true,"disfluency":false,"speech_noise_threshold":-0.25,
         "special_word_filter":{"system_reserved_filter":false,"filter_with_empty":{"word_list":["a"]}},"customization_id":"c","vocabulary_id":"v",
         "class_vocabulary_id":{"PERSON":"p"},"enable_multi_thresh_mod":true,"enable_ignore_sentence_timeout":false,"enable_nlp":true,"nlp_model":"n",
         "session_id":"s","vad_silence_duration":2000,"enable_gender_detect":true,"enable_ner":false,"ner_name":"e","als_am_id":"a","vad_model":"m","model":"l"}
        """);

    [Theory]
    [InlineData(AudioFormat.Pcm, "pcm")]
    [InlineData(AudioFormat.Wav, "pcm")]
    [InlineData(AudioFormat.Opus, "opus")]
    [InlineData(AudioFormat.Speex, "speex")]
    [InlineData(AudioFormat.Amr, "amr")]
    [InlineData(AudioFormat.Mp3, "mp3")]
    [InlineData(AudioFormat.Aac, "aac")]
    [InlineData(AudioFormat.Opu, "opu")]
    public void Formats_are_lower_case_and_wav_is_sent_as_samples(AudioFormat format, string name) =>
        ShouldBe(Request(new() { Format = format }), $$"""{"format":"{{name}}","sample_rate":16000}""");

    [Fact]
    public void Additional_parameters_win_and_are_copies()
    {
        var nested = new JsonObject { ["b"] = 1 };
        var parent = new JsonObject { ["x"] = nested };
        var options = new TranscriptionOptions
        {
            EnableWords = true,
            AdditionalParameters = new Dictionary<string, JsonNode?> { ["enable_words"] = false, ["new"] = nested, ["none"] = null },
        };
        var (first, second) = (Request(options), Request(options));
        nested["b"] = 2;

        ShouldBe(first, """{"format":"pcm","sample_rate":16000,"enable_words":false,"new":{"b":1},"none":null}""");
        ShouldBe(second, """{"format":"pcm","sample_rate":16000,"enable_words":false,"new":{"b":1},"none":null}""");
        parent["x"].Should().BeSameAs(nested);
    }

    [Fact]
    public void Later_tasks_keep_what_a_control_message_changed()
    {
        var request = Request(new() { VocabularyId = "old" });
        var value = new JsonObject { ["a"] = 1 };
        var control = new ControlPayload(new Dictionary<string, JsonNode?> { ["vocabulary_id"] = "new", ["x"] = value });
        value["a"] = 2;

        request.Merge(control);
        request.Merge(control);
        request.Merge(new ControlPayload(new Dictionary<string, JsonNode?> { ["max_sentence_silence"] = 900 }));

        ShouldBe(request, """{"format":"pcm","sample_rate":16000,"vocabulary_id":"new","x":{"a":1},"max_sentence_silence":900}""");
    }

    [Theory]
    [InlineData("format")]
    [InlineData("sample_rate")]
    [InlineData("tw_time_offset")]
    public void A_control_message_cannot_change_what_decides_times(string name)
    {
        var make = () => new ControlPayload(new Dictionary<string, JsonNode?> { [name] = 1 });

        make.Should().Throw<ArgumentException>().WithMessage($"*{name}*");
    }

    private static NlsRequest Request(TranscriptionOptions options) => new("app-key", options);

    private static void ShouldBe(NlsRequest request, string expected)
    {
        var payload = JsonNode.Parse(MessageWriter.Start("k", "t", request))!["payload"];
        JsonNode.DeepEquals(payload, JsonNode.Parse(expected)).Should().BeTrue("it is {0}", payload!.ToJsonString());
    }
}
