using Microsoft.Extensions.AI;
using SpeechStream;
using SpeechStream.Gateway;

// Two seconds that are no silence make one sentence.
var audio = new byte[64_000];
new Random(1).NextBytes(audio);

await using var gateway = await LocalGateway.StartAsync();
await using var client = new SpeechStreamClient(new() { AppKey = "any", Credential = SpeechCredential.FromToken("any"), Endpoint = gateway.Endpoint });
var response = await client.AsSpeechToTextClient().GetTextAsync(new MemoryStream(audio));
Console.WriteLine(response.Text == Recognizer.DigestOf(audio, 16000).Single().Text ? "The packages work." : $"Unexpected: {response.Text}");
