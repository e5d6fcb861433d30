// Live captions in a browser: with no account on the local gateway, or with one on the service itself. Then open http://localhost:5000.
using SpeechStream;
using SpeechStream.AspNetCore;
using SpeechStream.Gateway;

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot") }); // published, whichever folder this is started in
    builder.WebHost.UseStaticWebAssets(); // the page and the package's module, also when this runs from where it was built
    await using var gateway = Account.AppKey is null ? await StartGatewayAsync(builder.Configuration["recognizer"]) : null;
    builder.Services.AddSpeechStream(options =>
    {
        options.AppKey = Account.AppKey ?? "local";
        options.Credential = gateway is null ? Account.Credential : SpeechCredential.FromToken("local");
        options.Endpoint = gateway?.Endpoint ?? SpeechEndpoints.Shanghai;
    });
    builder.Services.AddHealthChecks().AddSpeechStream();

    var app = builder.Build();
    app.UseDefaultFiles();
    app.UseStaticFiles();
    app.MapSpeechStream("/listen", new SpeechStreamEndpointOptions { MaxDuration = TimeSpan.FromHours(1) });
    app.MapHealthChecks("/health");
    await app.RunAsync();
    return 0;
}
catch (Exception failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}

static async Task<LocalGateway> StartGatewayAsync(string? recognizer)
{
    try
    {
        return await LocalGateway.StartAsync(new() { Recognizer = recognizer == "digest" ? Recognizer.Digest : recognizer is null ? Recognizer.PocketSphinx : Recognizer.Script(recognizer) });
    }
    catch (RecognizerUnavailableException unavailable)
    {
        Console.Error.WriteLine($"{unavailable.Message}\nUntil then, these words are made up.");
        return await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Say("there is no recognizer on this machine", "so these words are made up", "whatever you say") });
    }
}
