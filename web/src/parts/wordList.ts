/**
 * 256 words for the names of circles. One list for every language, so that two phones show the same words whatever
 * each of them speaks: all are written the same in English and in Spanish (but for an accent), and most of the world
 * knows them. No two begin with the same four letters, none is one letter or one sound away from another, and none is
 * about money, faith, drink or harm. A word's place is its number: the list never changes.
 */
export const WORD_LIST: readonly string[] = `
  agenda album alpaca amigo anaconda animal arena armadillo aroma atlas audio aurora avatar azalea
  balance ballet banana banjo baobab barista beige bolero bongo bonsai bravo bronco burrito cable
  cacao cactus camping canal cargo carton catamaran caviar cereal chalet chef chocolate circular club
  cobra collar compost condor coral cosmos coyote crater croissant cumbia cursor decimal delta denim
  detector diagonal digital diploma director disco doctor dodo domino dragon drama eclipse editor
  emoji enigma eureka extra fajita falafel familiar festival flamenco flan flexible flora folklore
  fondue formula futon gala garbanzo gardenia gaucho gazpacho ginseng global golf gondola gong
  guacamole haiku hamster hangar hobby hockey hospital hotel iceberg idea iguana indigo inventor iris
  jade jaguar jazz jersey judo junior karaoke kayak kebab ketchup kilo kimono kiwi koala laser laurel
  lava lemur llama local logo lunar magma mambo mango mansion manual maracas marimba material melon
  menu mesa metro microchip mineral monitor mosquito motor muffin mural mustang nacho natural nectar
  neon ninja nylon oasis oboe omega opera orbital orca oregano original oval paella pagoda pampa panda
  panorama papaya parka pasta patio pedal pergola pesto piano picnic pimiento pizza plaza plural
  polenta pomelo poncho popular portal pueblo puma puzzle quetzal quiche quinoa radio ramen ravioli
  reggae robot rodeo romance rugby rumba safari salmon samba samurai sandwich sauna scooter sensor
  sierra social sofa solar sombrero soprano sudoku surf sushi taco tandem tapioca tarantula taxi tempo
  terminal tiara tofu tornado tortilla totem tractor trio tropical tuba tundra turbo tutor universal
  veranda video villa violin visor vital waffle wasabi wombat yeti yoga yogurt yuca zigzag zorro
`
  .trim()
  .split(/\s+/);
