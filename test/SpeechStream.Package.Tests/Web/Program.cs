using SpeechStream.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSpeechStream(builder.Configuration.GetSection("SpeechStream"));
builder.Services.AddHealthChecks().AddSpeechStream();

var app = builder.Build();
app.UseStaticFiles();
app.MapSpeechStream("/listen", new SpeechStreamEndpointOptions
{
    ConfigureSession = (http, session) =>
    {
        session.VocabularyId = http.Request.Query["vocabulary"];
        return default;
    },
}); // .RequireAuthorization(), .RequireRateLimiting("captions")
app.MapHealthChecks("/ready");
app.Run();
