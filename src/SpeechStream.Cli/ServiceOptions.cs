using System.CommandLine;
using System.Globalization;

namespace SpeechStream.Cli;

/// <summary>The options that say which service transcribes, and with which keys. Several commands have them.</summary>
internal sealed class ServiceOptions
{
    private readonly Option<Uri?> _tokenEndpoint = new("--token-endpoint")
    {
        Description = "Address of the token service, for an access key. Default: the vendor's in Shanghai, which serves mainland China.",
        HelpName = "URI",
        CustomParser = ParseAddress,
    };

    private readonly Option<string?> _service = new("--service") { Description = "The service, where keys or --local don't decide it." };
    private readonly Option<string?> _appKey = new("--app-key") { Description = "Key of the project in the vendor's console.", HelpName = "K" };
    private readonly Option<string?> _token = new("--token") { Description = "Access token. Others on this machine can see it here; the environment is safer.", HelpName = "T" };
    private readonly Option<string?> _apiKey = new("--api-key") { Description = "Key of DashScope (Model Studio). Others on this machine can see it here; the environment is safer.", HelpName = "K" };

    public ServiceOptions() => OptionText.Allow(_service, "nls", "dashscope");

    public Option<Uri?> Endpoint { get; } = new("--endpoint")
    {
        Description = $"Address of the service or of a gateway, or a name: {string.Join(", ", ServiceName.All)}. Default: Shanghai, or ModelStudioBeijing with an API key.",
        HelpName = "URI|NAME",
        CustomParser = ParseEndpoint,
    };

    public Option<bool> Insecure { get; } = new("--insecure") { Description = "Permit ws and http, which send the token unencrypted, to other machines: the internal endpoints need it." };

    public Option<double> Speed { get; } = new("--speed")
    {
        Description = "How fast to send, as a multiple of real time; max is as fast as it is taken. The vendor's service expects 1.",
        HelpName = "R|max",
        DefaultValueFactory = _ => 1,
        CustomParser = ParseSpeed,
    };

    /// <summary>Adds all but the speed.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Endpoint, _tokenEndpoint, Insecure, _service, _appKey, _token, _apiKey])
        {
            command.Options.Add(option);
        }
    }

    public Account AccountOf(ParseResult parsed, Surroundings surroundings) => new()
    {
        Service = parsed.GetValue(_service) switch { "nls" => SpeechService.Nls, "dashscope" => SpeechService.DashScope, _ => null },
        AppKey = parsed.GetValue(_appKey),
        Token = parsed.GetValue(_token),
        ApiKey = parsed.GetValue(_apiKey),
        TokenEndpoint = parsed.GetValue(_tokenEndpoint),
        Variable = surroundings.Variable,
    };

    private static Uri? ParseEndpoint(System.CommandLine.Parsing.ArgumentResult result) =>
        ServiceName.Find(result.Tokens[0].Value) ?? Parse(result, $", or a name: {string.Join(", ", ServiceName.All)}");

    private static Uri? ParseAddress(System.CommandLine.Parsing.ArgumentResult result) => Parse(result, "");

    private static Uri? Parse(System.CommandLine.Parsing.ArgumentResult result, string orElse)
    {
        if (!Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var endpoint))
        {
            result.AddError($"'{result.Tokens[0].Value}' is no address. Give one such as wss://host/ws/v1{orElse}.");
        }

        return endpoint;
    }

    private static double ParseSpeed(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == "max")
        {
            return double.PositiveInfinity;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) || !(speed >= 0.1))
        {
            result.AddError($"--speed is {text}. Allowed: 0.1 and more, or max.");
        }

        return speed;
    }
}
