using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using SpeechStream.Gateway;

namespace SpeechStream.Extensions.AI.Tests;

/// <summary>Nothing that a request asks for is ignored silently.</summary>
public sealed class RequestSettingsTests
{
    [Theory]
    [InlineData("en", null, "SpeechLanguage is en*app key*")]
    [InlineData(null, "zh", "TextLanguage is zh*doesn't translate*")]
    public async Task A_language_that_the_service_cannot_be_told_is_refused(string? speech, string? text, string message)
    {
        await using var transcriber = await Transcriber.StartAsync();

        var transcribing = () => transcriber.SpeechToText.GetTextAsync(Stream.Null, new() { SpeechLanguage = speech, TextLanguage = text });

        await transcribing.Should().ThrowAsync<NotSupportedException>().WithMessage(message);
    }

    [Fact]
    public async Task An_empty_setting_as_of_an_empty_key_of_a_configuration_asks_for_nothing()
    {
        await using var transcriber = await Transcriber.StartAsync();

        var response = await transcriber.SpeechToText.GetTextAsync(new MemoryStream(Transcriber.Speech(seconds: 1)), new() { SpeechLanguage = "", TextLanguage = "" });
        await using var session = await transcriber.Realtime.CreateSessionAsync(new()
        {
            SessionKind = RealtimeSessionKind.Transcription,
            TranscriptionOptions = new() { SpeechLanguage = "", Prompt = "" },
        });

        response.Text.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public async Task DashScope_is_told_the_language(string language)
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(new() { Credential = SpeechCredential.FromApiKey("key"), Endpoint = gateway.DashScopeEndpoint });
        var transcriber = client.AsSpeechToTextClient(new() { SendRate = double.PositiveInfinity });

        var response = await transcriber.GetTextAsync(new MemoryStream(Transcriber.Speech(seconds: 1)), new() { SpeechLanguage = language });

        response.Text.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("en", null, "SpeechLanguage is en*app key*")]
    [InlineData(null, "Names: Ada", "Prompt*VocabularyId*")]
    public async Task A_realtime_session_refuses_a_language_and_a_prompt(string? language, string? prompt, string message)
    {
        await using var transcriber = await Transcriber.StartAsync();

        var creating = () => transcriber.Realtime.CreateSessionAsync(new()
        {
            SessionKind = RealtimeSessionKind.Transcription,
            TranscriptionOptions = new() { SpeechLanguage = language, Prompt = prompt },
        });

        await creating.Should().ThrowAsync<NotSupportedException>().WithMessage(message);
    }

    [Fact]
    public async Task Additional_properties_are_parameters_of_the_service()
    {
        await using var transcriber = await Transcriber.StartAsync();

        var transcribing = () => Transcribe(transcriber, new() { ["max_sentence_silence"] = 7 });

        (await transcribing.Should().ThrowAsync<SpeechServiceException>()).Which.StatusText.Should().Contain("max_sentence_silence");
    }

    [Fact]
    public async Task Additional_properties_join_the_parameters_that_are_set_already()
    {
        await using var transcriber = await Transcriber.StartAsync();
        var client = transcriber.Client.AsSpeechToTextClient(new()
        {
            AdditionalParameters = new Dictionary<string, JsonNode?> { ["max_sentence_silence"] = 7, ["enable_words"] = true },
        });

        var transcribing = () => client.GetTextAsync(new MemoryStream(Transcriber.Speech(seconds: 1)), new() { AdditionalProperties = new() { ["enable_words"] = false } });

        (await transcribing.Should().ThrowAsync<SpeechServiceException>()).Which.StatusText.Should().Contain("max_sentence_silence");
    }

    [Fact]
    public async Task Additional_properties_may_be_of_every_JSON_type()
    {
        await using var transcriber = await Transcriber.StartAsync();
        using var element = System.Text.Json.JsonDocument.Parse("[1]");

        var response = await Transcribe(transcriber, new()
        {
            ["text"] = "1",
            ["yes"] = true,
            ["int"] = 1,
            ["long"] = 1L,
            ["double"] = 0.5,
            ["nothing"] = null,
            ["node"] = new JsonObject(),
            ["element"] = element.RootElement,
        });

        response.Text.Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_property_that_is_no_JSON_is_refused()
    {
        await using var transcriber = await Transcriber.StartAsync();

        var transcribing = () => Transcribe(transcriber, new() { ["clock"] = TimeProvider.System });

        await transcribing.Should().ThrowAsync<NotSupportedException>().WithMessage("*clock*SystemTimeProvider*");
    }

    private static Task<SpeechToTextResponse> Transcribe(Transcriber transcriber, AdditionalPropertiesDictionary properties) =>
        transcriber.SpeechToText.GetTextAsync(new MemoryStream(Transcriber.Speech(seconds: 1)), new() { AdditionalProperties = properties });
}
