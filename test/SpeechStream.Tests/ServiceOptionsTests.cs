using System.Text.Json.Nodes;

namespace SpeechStream.Tests;

/// <summary>The credential chooses the service, and with it the options.</summary>
public sealed class ServiceOptionsTests
{
    private static readonly Dictionary<string, TranscriptionOptions> OnlyForNls = new()
    {
        ["Format"] = new() { Format = AudioFormat.Opu },
        ["CustomizationId"] = new() { CustomizationId = "id" },
        ["ClassVocabularyId"] = new() { ClassVocabularyId = new Dictionary<string, string>() },
        ["EnableIgnoreSentenceTimeout"] = new() { EnableIgnoreSentenceTimeout = false },
        ["EnableNlp"] = new() { EnableNlp = true },
        ["NlpModel"] = new() { NlpModel = "model" },
        ["SessionId"] = new() { SessionId = "id" },
        ["VadSilenceDuration"] = new() { VadSilenceDuration = TimeSpan.FromSeconds(2) },
        ["EnableGenderDetection"] = new() { EnableGenderDetection = true },
        ["EnableNamedEntityRecognition"] = new() { EnableNamedEntityRecognition = true },
        ["NamedEntityModel"] = new() { NamedEntityModel = "model" },
        ["AcousticModelId"] = new() { AcousticModelId = "id" },
        ["ControlMessageName"] = new() { ControlMessageName = "ControlTranscription" },
    };

    private static readonly Dictionary<string, TranscriptionOptions> OnlyForDashScope = new()
    {
        ["LanguageHints"] = new() { LanguageHints = ["en"] },
        ["Vocabulary"] = new() { Vocabulary = new Dictionary<string, int> { ["word"] = 1 } },
    };

    private static readonly TranscriptionOptions ForBoth = new()
    {
        EnableIntermediateResult = true,
        EnablePunctuationPrediction = true,
        EnableInverseTextNormalization = true,
        EnableWords = true,
        MaxSentenceSilence = TimeSpan.FromSeconds(1),
        EnableSemanticSentenceDetection = true,
        Disfluency = true,
        SpeechNoiseThreshold = 0.5,
        SpecialWordFilter = new() { Remove = ["word"] },
        VocabularyId = "id",
        EnableMultiThresholdMode = true,
        VadModel = "model",
        Model = "model",
        AdditionalParameters = new Dictionary<string, JsonNode?> { ["a"] = 1 },
    };

    public static TheoryData<string> NlsNames => [.. OnlyForNls.Keys];

    public static TheoryData<string> DashScopeNames => [.. OnlyForDashScope.Keys];

    [Fact]
    public void An_API_key_needs_no_app_key_and_means_Model_Studio_in_Beijing()
    {
        using var client = DashScope();

        client.Endpoint.Should().Be(SpeechEndpoints.ModelStudioBeijing);
    }

    [Fact]
    public void Other_credentials_need_an_app_key_and_mean_NLS_in_Shanghai()
    {
        using var client = new SpeechStreamClient(new() { AppKey = "key", Credential = SpeechCredential.FromToken("token") });
        var without = () => new SpeechStreamClient(new() { Credential = SpeechCredential.FromToken("token") });

        client.Endpoint.Should().Be(SpeechEndpoints.Shanghai);
        without.Should().Throw<ArgumentException>().WithMessage("AppKey *");
    }

    [Theory]
    [MemberData(nameof(NlsNames))]
    public void What_DashScope_lacks_is_refused_by_name(string option)
    {
        using var client = DashScope();

        client.Invoking(made => made.CreateSession(OnlyForNls[option])).Should().Throw<ArgumentException>().WithMessage($"{option} is set, and DashScope has no such option*");
    }

    [Theory]
    [MemberData(nameof(DashScopeNames))]
    public void What_NLS_lacks_is_refused_by_name(string option)
    {
        using var client = new SpeechStreamClient(new() { AppKey = "key", Credential = SpeechCredential.FromToken("token") });

        client.Invoking(made => made.CreateSession(OnlyForDashScope[option])).Should().Throw<ArgumentException>().WithMessage($"{option} is set, and NLS has no such option*");
    }

    [Fact]
    public void What_both_have_is_taken_by_both()
    {
        using var nls = new SpeechStreamClient(new() { AppKey = "key", Credential = SpeechCredential.FromToken("token") });
        using var dashScope = DashScope();

        using (nls.CreateSession(ForBoth))
        using (dashScope.CreateSession(ForBoth))
        {
        }
    }

    [Fact]
    public void Session_defaults_are_checked_for_the_service_too()
    {
        var make = () => DashScope(options => options.SessionDefaults = new() { CustomizationId = "id" });

        make.Should().Throw<ArgumentException>().WithMessage("SessionDefaults.CustomizationId *DashScope*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void A_weight_of_a_hot_word_is_from_1_to_5(int weight)
    {
        using var client = DashScope();

        client.Invoking(made => made.CreateSession(new() { Vocabulary = new Dictionary<string, int> { ["word"] = weight } }))
            .Should().Throw<ArgumentException>().WithMessage($"Vocabulary *'word'*{weight}*1 to 5*");
    }

    [Fact]
    public void Semantic_segmentation_needs_no_interim_results_of_DashScope()
    {
        using var client = DashScope();

        client.CreateSession(new() { EnableSemanticSentenceDetection = true }).Dispose();
    }

    [Fact]
    public void A_known_address_of_the_other_service_is_refused()
    {
        var key = () => DashScope(options => options.Endpoint = SpeechEndpoints.Singapore);
        var token = () => new SpeechStreamClient(new() { AppKey = "key", Credential = SpeechCredential.FromToken("token"), Endpoint = SpeechEndpoints.ModelStudioSingapore });

        key.Should().Throw<ArgumentException>().WithMessage("Endpoint is Singapore*NLS*ModelStudio*");
        token.Should().Throw<ArgumentException>().WithMessage("Endpoint is ModelStudioSingapore*FromApiKey*");
    }

    [Fact]
    public void A_workspace_has_an_address_of_its_own()
    {
        SpeechEndpoints.ModelStudioWorkspace("ws-1", "ap-southeast-1").Should().Be(new Uri("wss://ws-1.ap-southeast-1.maas.aliyuncs.com/api-ws/v1/inference"));
        FluentActions.Invoking(() => SpeechEndpoints.ModelStudioWorkspace("evil.example/", "cn-beijing")).Should().Throw<ArgumentException>().WithMessage("workspaceId*");
        FluentActions.Invoking(() => SpeechEndpoints.ModelStudioWorkspace("ws", "")).Should().Throw<ArgumentException>().WithMessage("region*");
    }

    [Fact]
    public void A_wrong_API_key_is_refused_without_being_quoted() =>
        FluentActions.Invoking(() => SpeechCredential.FromApiKey("sk-secret key")).Should().Throw<ArgumentException>().WithMessage("The API key *").And.Message.Should().NotContain("secret");

    private static SpeechStreamClient DashScope(Action<SpeechStreamClientOptions>? configure = null)
    {
        var options = new SpeechStreamClientOptions { Credential = SpeechCredential.FromApiKey("sk-key") };
        configure?.Invoke(options);
        return new SpeechStreamClient(options);
    }
}
