using Microsoft.Extensions.Options;

namespace SpeechStream.Tests.Hosting;

public sealed class ServiceConfigurationTests
{
    [Fact]
    public void A_key_and_a_model_are_a_client_of_DashScope()
    {
        using var registered = new Registered(("AppKey", ""), ("Token", ""), ("ApiKey", "sk-key"), ("Model", "fun-asr-realtime")).Add();

        registered.Start();

        registered.Options.Credential.Should().Be(SpeechCredential.FromApiKey("sk-key"));
        registered.Options.Endpoint.Should().Be(SpeechEndpoints.ModelStudioBeijing);
        registered.Options.SessionDefaults!.Model.Should().Be("fun-asr-realtime");
    }

    [Fact]
    public void The_model_may_also_stand_with_the_other_defaults_of_sessions()
    {
        using var registered = new Registered(("Token", ""), ("ApiKey", "sk-key"), ("SessionDefaults:Model", "own"), ("Model", "other")).Add();

        registered.Options.SessionDefaults!.Model.Should().Be("own");
    }

    [Theory]
    [InlineData("LanguageHints:0", "en", "LanguageHints:1", "zh")]
    [InlineData("LanguageHints", "en, zh", "SampleRate", "16000")]
    public void Languages_are_an_array_or_one_value_with_commas(string key, string value, string other, string otherValue)
    {
        using var registered = new Registered(("Token", ""), ("ApiKey", "sk-key"), ("SessionDefaults:" + key, value), ("SessionDefaults:" + other, otherValue)).Add();

        registered.Start();

        registered.Options.SessionDefaults!.LanguageHints.Should().Equal("en", "zh");
    }

    [Fact]
    public void A_region_of_Model_Studio_is_found_by_its_name()
    {
        using var registered = new Registered(("Token", ""), ("ApiKey", "sk-key"), ("Endpoint", "ModelStudioSingapore")).Add();

        registered.Options.Endpoint.Should().Be(SpeechEndpoints.ModelStudioSingapore);
    }

    [Fact]
    public void A_credential_of_code_decides_the_address_that_configuration_leaves_out()
    {
        using var registered = new Registered().Add(options => options.Credential = SpeechCredential.FromApiKey("sk-key"));

        registered.Options.Endpoint.Should().Be(SpeechEndpoints.ModelStudioBeijing);
    }

    [Theory]
    [InlineData("Token", "token", "SpeechStream:ApiKey is set, and a token or an access key too*")]
    [InlineData("AccessKeyId", "id", "SpeechStream:ApiKey is set, and a token or an access key too*")]
    [InlineData("ApiKey", "two words", "SpeechStream:ApiKey has characters *")]
    [InlineData("Endpoint", "Shanghai", "SpeechStream:Endpoint is Shanghai, an address of NLS*")]
    [InlineData("SessionDefaults:NlpModel", "model", "SpeechStream:SessionDefaults:NlpModel is set, and DashScope has no such option*")]
    public void What_does_not_fit_to_a_key_is_named(string key, string value, string message)
    {
        using var registered = new Registered(("Token", ""), ("ApiKey", "sk-key"), (key, value)).Add();

        registered.Invoking(it => it.Start()).Should().Throw<OptionsValidationException>().WithMessage(message).And.Message.Should().NotContain("two words");
    }

    [Fact]
    public void A_changed_service_is_for_later_sessions()
    {
        using var registered = new Registered().Add();
        registered.Options.Service.Should().Be(SpeechService.Nls);

        registered.Set(("Token", ""), ("ApiKey", "sk-key"));
        registered.Configuration.Reload();

        registered.Options.Service.Should().Be(SpeechService.DashScope);
    }

    [Fact]
    public void Languages_that_are_read_again_are_no_change()
    {
        using var registered = new Registered(("Token", ""), ("ApiKey", "sk-key"), ("SessionDefaults:LanguageHints:0", "en"), ("SessionDefaults:LanguageHints:1", "zh")).Add();
        var before = registered.Client.Context;

        registered.Configuration.Reload();

        registered.Client.Context.Should().BeSameAs(before);
    }

    [Fact]
    public void Other_languages_are_a_change()
    {
        using var registered = new Registered(("Token", ""), ("ApiKey", "sk-key"), ("SessionDefaults:LanguageHints", "en, zh")).Add();
        _ = registered.Client;
        registered.Set(("SessionDefaults:LanguageHints", "zh, en"));

        registered.Configuration.Reload();

        registered.Options.SessionDefaults!.LanguageHints.Should().Equal("zh", "en");
    }
}
