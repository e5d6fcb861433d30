using System.CommandLine;

namespace SpeechStream.Cli.Options;

/// <summary>The options that say where the service is and who uses it. Each command takes those that it needs.</summary>
internal sealed class AccountOptions
{
    public Option<bool> Local { get; } = new("--local") { Description = "Need no account: recognize English with PocketSphinx, through a local gateway in this process." };

    public Option<Uri?> Endpoint { get; } = new("--endpoint")
    {
        Description = $"Address of the service or of a gateway, or a name: {string.Join(", ", ServiceName.All)}. Default: Shanghai, or ModelStudioBeijing with an API key.",
        HelpName = "URI|NAME",
        CustomParser = OptionValues.ParseEndpoint,
    };

    public Option<Uri?> TokenEndpoint { get; } = new("--token-endpoint")
    {
        Description = "Address of the token service, for an access key. Default: the vendor's in Shanghai, which serves mainland China.",
        HelpName = "URI",
        CustomParser = OptionValues.ParseAddress,
    };

    public Option<bool> Insecure { get; } = new("--insecure") { Description = "Permit ws and http, which send the token unencrypted, to other machines: the internal endpoints need it." };

    public Option<string?> Service { get; } = new("--service") { Description = "The service, where keys or --local don't decide it." };

    public Option<string?> AppKey { get; } = new("--app-key") { Description = "Key of the project in the vendor's console.", HelpName = "K" };

    public Option<string?> Token { get; } = new("--token") { Description = "Access token. Others on this machine can see it here; the environment is safer.", HelpName = "T" };

    public Option<string?> ApiKey { get; } = new("--api-key") { Description = "Key of DashScope (Model Studio). Others on this machine can see it here; the environment is safer.", HelpName = "K" };

    public AccountOptions()
    {
        Service.Allow("nls", "dashscope");
        Endpoint.CompletionSources.Add([.. ServiceName.All]);
    }

    /// <summary>Refuses an address together with <c>--local</c>, which has its own.</summary>
    public void ForbidEndpointWithLocal(Command command) => command.AddRule(result =>
    {
        if (result.GetValue(Local) && result.GetResult(Endpoint) is not null)
        {
            result.AddError("--local starts a gateway of its own and takes no --endpoint: leave one of them out.");
        }
    });

    public Account AccountOf(ParseResult parsed, Surroundings surroundings) => new()
    {
        Service = parsed.GetValue(Service) switch { "nls" => SpeechService.Nls, "dashscope" => SpeechService.DashScope, _ => null },
        AppKey = parsed.GetValue(AppKey),
        Token = parsed.GetValue(Token),
        ApiKey = parsed.GetValue(ApiKey),
        TokenEndpoint = parsed.GetValue(TokenEndpoint),
        Variable = surroundings.Variable,
    };
}
