"""Closed classes of English words that tell persons, places, organisations and time apart; lower case, no dots.

Only words live here. What they mean for a name is decided in ``names``; roles are in ``roles``, reporting verbs in
``verbs``.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The set of the words in ``text``."""
    return frozenset(text.split())


MALE_HONORIFICS = words("mr mister sir lord herr monsieur señor senor don signor sheikh king prince baron")
FEMALE_HONORIFICS = words(
    "mrs ms miss lady dame madam madame frau señora senora signora queen princess sister baroness"
)
HONORIFICS = (
    MALE_HONORIFICS
    | FEMALE_HONORIFICS
    | words(
        "hon mx dr doctor prof professor gen lt col capt captain maj sgt sergeant cpl sen rep gov pres rev reverend "
        "fr rabbi imam pope archbishop bishop cardinal judge justice ambassador colonel lieutenant admiral adm "
        "major commander cmdr detective inspector constable officer senator congressman congresswoman ayatollah "
        "mullah"
    )
)
PARTICLES = words(
    "van von der den de del della di da dos das do du la le el al bin ibn bint abu ben ter ten zu zur y af av"
)
LEADING_PARTICLES = words("van von de der den del della di da du el al bin ibn abu ter ten")
GENERATIONS = words("jr sr ii iii iv")

FUNCTION_WORDS = words(
    "a an the this that these those my your his her its our their whose which what who whom i you he she it "
    "we they me him us them myself himself herself itself themselves mine yours hers ours theirs one ones "
    "some any no none every each either neither both all half many much few fewer more most less several "
    "other another such same own enough of in on at by for from to with without within into onto upon over "
    "under above below between among amid against across along around about after before behind beside "
    "besides beyond during despite except inside outside near off out past per since than through throughout "
    "till until toward towards up down via versus like unlike regarding concerning following including "
    "according and or but nor so yet if unless because although though while whereas when whenever where "
    "wherever whether as once lest not never ever also too very just only even still already again then there "
    "here now today tomorrow yesterday tonight soon later earlier recently currently meanwhile moreover "
    "furthermore however therefore thus hence instead otherwise nonetheless nevertheless perhaps maybe indeed "
    "finally first second third last next previous is are was were be been being am do does did done doing "
    "have has had having will would shall should can could may might must ought let lets how why yes please "
    "asked says said told added new old former late early big small good bad high low long great little young "
    "large major minor hundreds thousands millions dozens nearly almost roughly back two three four five six "
    "seven eight nine ten zero eleven twelve twenty thirty forty fifty hundred thousand million billion don't "
    "didn't isn't can't won't there's it's that's here's what's let's thanks sorry okay ok well oh ah dear "
    "part given based speaking born read share follow photo image video source updated copyright"
)

#: Family names of China, Korea and Vietnam, the commonest, that stand before the given name: "Zhang Meilin". Those that
#: are also English words are left out.
FAMILY_FIRST = words(
    "zhang wang li liu chen yang huang zhao wu zhou xu zhu hu guo lin gao luo zheng liang xie tang deng feng cao peng "
    "zeng xiao tian dong yuan cai jiang yu ye cheng wei lu ding ren shen yao kim choi jung kang cho yoon jang lim "
    "nguyen tran pham hoang phan vu dang bui ngo duong"
)
MONTHS_AND_DAYS = words(
    "january february march april may june july august september october november december jan feb mar apr "
    "jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues "
    "wed thu thur thurs fri sat sun christmas easter ramadan thanksgiving spring summer autumn fall winter"
)

# The last word of a name that isn't a person's. Corporate ones also claim its bare first word ("Ford Motor Co.").
CORPORATE = words(
    "inc ltd llc llp plc co corp corporation company companies gmbh ag sa nv bv spa kg ab asa oyj pte pty "
    "holding holdings group brothers bros sons partners ventures capital securities motor motors airlines "
    "airways air energy oil gas steel foods pharma pharmaceuticals industries enterprises technologies "
    "technology systems software electronics labs laboratories studios pictures records entertainment media "
    "networks bank bancorp insurance logistics shipping lines retail stores markets brewery breweries "
    "chemicals materials robotics biotech mining minerals telecom communications"
)
ORGANISATIONS = CORPORATE | words(
    "university college school institute academy council committee commission ministry department agency "
    "authority bureau office board party union association federation foundation society organization "
    "organisation organizations trust fund church cathedral museum gallery library hospital clinic court "
    "parliament congress senate assembly house government administration army navy force forces police guard "
    "league club fc cf united city cup games tv television radio news times post journal herald tribune "
    "gazette observer guardian telegraph chronicle magazine press review online network channel center centre "
    "alliance coalition movement campaign project program programme initiative forum summit conference "
    "festival award awards prize championship championships tournament exchange index treasury reserve "
    "service services international national global conservancy consortium cooperative institution "
    "secretariat directorate tribunal team orchestra choir theatre theater hotel restaurant cafe inn airlines "
    "debate act bill treaty agreement accord amendment constitution plan deal report survey study poll war "
    "revolution era caucus democrats republicans finals wars animation"
)
PLACES = words(
    "street st avenue ave road rd boulevard blvd lane drive square plaza park bridge tower towers airport "
    "station harbor harbour port beach bay gulf sea ocean lake river creek falls canal island islands "
    "peninsula mountain mountains mount hill hills valley desert forest county province region district state "
    "states republic kingdom emirates federation territory territories town village township borough heights "
    "springs coast cape strait north south east west hall palace castle building arena stadium zone border "
    "quarter market canyon basin delta plateau hemisphere america africa asia europe"
)
PLACE_STARTS = words(
    "new north south east west northern southern eastern western central upper lower greater los las san "
    "santa santo saint st mount mt lake fort port cape gulf united great el grand black red white blue green "
    "silicon wall capitol middle puerto costa sri hong rio sao são saudi"
)
COUNTRIES = words(
    "afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahamas "
    "bahrain bangladesh belarus belgium belize benin bhutan bolivia botswana brazil britain brunei bulgaria "
    "burundi cambodia cameroon canada chile china colombia congo croatia cuba cyprus czechia denmark ecuador "
    "egypt england eritrea estonia ethiopia fiji finland france gabon gambia georgia germany ghana greece "
    "greenland guatemala guinea guyana haiti honduras hungary iceland india indonesia iran iraq ireland "
    "israel italy jamaica japan jordan kazakhstan kenya kosovo kuwait kyrgyzstan laos latvia lebanon lesotho "
    "liberia libya lithuania luxembourg macedonia madagascar malawi malaysia mali malta mauritania mauritius "
    "mexico moldova monaco mongolia montenegro morocco mozambique myanmar namibia nepal netherlands nicaragua "
    "niger nigeria norway oman pakistan palestine panama paraguay peru philippines poland portugal qatar "
    "romania russia rwanda scotland senegal serbia singapore slovakia slovenia somalia spain sudan suriname "
    "sweden switzerland syria taiwan tajikistan tanzania thailand togo tunisia turkey turkmenistan uganda "
    "ukraine uruguay uzbekistan vatican venezuela vietnam wales yemen zambia zimbabwe europe asia africa "
    "america americas antarctica oceania u.s us usa uk eu un alabama alaska arizona arkansas california "
    "carolina colorado connecticut dakota delaware florida hawaii idaho illinois indiana iowa kansas kentucky "
    "louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada "
    "hampshire york ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia wisconsin wyoming "
    "ontario quebec alberta manitoba saskatchewan queensland tasmania"
)
NATIONALITIES = words(
    "african american arab asian european latin western eastern british english scottish welsh irish french "
    "german italian spanish portuguese dutch belgian swiss austrian polish czech slovak hungarian romanian "
    "bulgarian greek turkish russian ukrainian belarusian latvian lithuanian estonian finnish swedish "
    "norwegian danish icelandic serbian croatian slovenian bosnian albanian chinese japanese korean taiwanese "
    "vietnamese thai indonesian malaysian filipino singaporean indian pakistani bangladeshi nepalese afghan "
    "iranian iraqi syrian lebanese israeli palestinian jordanian saudi egyptian libyan tunisian algerian "
    "moroccan sudanese ethiopian kenyan ugandan tanzanian nigerian ghanaian senegalese congolese rwandan "
    "somali zimbabwean mexican canadian brazilian argentine argentinian chilean peruvian colombian venezuelan "
    "bolivian ecuadorian cuban haitian jamaican australian christian muslim islamic jewish catholic "
    "protestant hindu buddhist sikh democratic republican democrat conservative liberal soviet nazi communist "
    "socialist hispanic latino americans britons germans russians democrats republicans muslims christians "
    "jews catholics europeans africans asians arabs kurdish kurds basque catalan scandinavian nordic "
    "mongolian georgian armenian azerbaijani kazakh uzbek cambodian burmese yemeni kuwaiti qatari emirati "
    "south-korean north-korean"
)

KIN_FEMALE = words("wife mother daughter sister aunt grandmother niece girlfriend widow granddaughter")
KIN_MALE = words("husband father son brother uncle grandfather nephew boyfriend widower grandson")
KIN = KIN_FEMALE | KIN_MALE | words("partner cousin child colleague spouse fiancé fiancée friend")

# Verbs that have persons as subjects, beside those of speech.
PERSONAL_VERBS = words(
    "joined resigned retired graduated studied married died grew smiled laughed nodded shrugged cried sat "
    "stood walked wore drove wrote teaches taught sang starred lives lived moved arrived visited attended "
    "spent remembers stepped defended played scored sighed paused whispered stared recalls recalled believes "
    "thinks wants"
)
ADVERBS = words(
    "also then now later still just never often always once again too even already only recently previously "
    "earlier first repeatedly both further not soon today yesterday instead merely simply quickly sometimes "
    "frequently long ever almost rather nevertheless nonetheless meanwhile n't have has had having is are was "
    "were be been being did does do will would could should may might must can cannot can't didn't doesn't "
    "don't won't wouldn't couldn't hasn't haven't hadn't isn't wasn't aren't weren't 's 've 'll 'd 're 'm "
    "has-been yet ultimately"
)

# Short forms of given names that newspapers use beside the full one.
NICKNAMES = words(
    "joe:joseph josh:joshua bill:william will:william bob:robert rob:robert dick:richard rick:richard "
    "jim:james jimmy:james mike:michael tom:thomas tim:timothy dan:daniel danny:daniel dave:david "
    "steve:steven ted:edward ed:edward ben:benjamin sam:samuel tony:anthony andy:andrew chris:christopher "
    "matt:matthew nick:nicholas pete:peter greg:gregory ken:kenneth ron:ronald don:donald jeff:jeffrey "
    "fred:frederick chuck:charles charlie:charles larry:lawrence jack:john alex:alexander liz:elizabeth "
    "beth:elizabeth kate:katherine kathy:katherine meg:margaret maggie:margaret peggy:margaret sue:susan "
    "barb:barbara deb:deborah debbie:deborah jen:jennifer jenny:jennifer jess:jessica pam:patricia "
    "pat:patricia cindy:cynthia vicky:victoria becky:rebecca abby:abigail"
)
